import fc from 'fast-check';

/** The same cases in every run, so that a red test is red for everybody; STUDIO_TEST_SEED=N tries others. */
fc.configureGlobal({ seed: Number(process.env.STUDIO_TEST_SEED ?? 20_261_128) });

export { fc };
