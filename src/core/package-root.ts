/** The package's own folder, with a slash at its end: the program is in `dist/`, its source in `src/`, whatever folder a module is in. */
export const packageRoot = new URL(/^.*\/(?=(?:src|dist)\/)/.exec(import.meta.url)?.[0] ?? '..', import.meta.url);
