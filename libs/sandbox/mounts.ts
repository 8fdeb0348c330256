/** One place in the view of a sandboxed program. All else is not there. */
export type Mount =
  | { readonly kind: 'read' | 'write'; readonly path: string; readonly source?: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | { readonly kind: 'hide-file' | 'hide-folder' | 'memory'; readonly path: string };

/** A folder before what lies in it: the later mount lies over the earlier. */
const byPath = (a: Mount, b: Mount) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);

const argumentsOf = (mount: Mount): readonly string[] => {
  switch (mount.kind) {
    case 'read':
      return ['--ro-bind', mount.source ?? mount.path, mount.path];
    case 'write':
      return ['--bind', mount.source ?? mount.path, mount.path];
    case 'link':
      return ['--symlink', mount.target, mount.path];
    case 'hide-file':
      return ['--ro-bind', '/dev/null', mount.path];
    case 'hide-folder':
      return ['--tmpfs', mount.path, '--remount-ro', mount.path];
    case 'memory':
      return ['--tmpfs', mount.path];
  }
};

/** The last of several mounts of one place counts. */
const lastOfEach = (mounts: readonly Mount[]): readonly Mount[] => [
  ...new Map(mounts.map((mount) => [mount.path, mount])).values(),
];

/** Arguments for bubblewrap, without the program. @param kernel places of `/proc` that are read-only */
export const viewArguments = (mounts: readonly Mount[], kernel: readonly string[]): readonly string[] => [
  ...lastOfEach(mounts).toSorted(byPath).flatMap(argumentsOf),
  ...['--proc', '/proc', ...kernel.flatMap((path) => ['--ro-bind', path, path])],
  ...['--dev', '/dev', '--remount-ro', '/'],
];

export const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
