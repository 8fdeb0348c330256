const PAGE = 1_000;

/** Everything of one stream after a version, oldest first, a page in memory at once; no page is empty. */
export async function* entryPages<Entry extends { readonly version: number }>(
  read: (range: { readonly after: number; readonly limit: number }) => Promise<readonly Entry[]>,
  after = 0,
): AsyncGenerator<readonly Entry[], void> {
  for (let last = after; ; ) {
    const page = await read({ after: last, limit: PAGE });
    if (page.length > 0) yield page;
    last = page.at(-1)?.version ?? last;
    if (page.length < PAGE) return;
  }
}
