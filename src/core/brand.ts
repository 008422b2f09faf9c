declare const name: unique symbol;

/** A primitive that only the module of its constructor function can make. */
export type Brand<T, Name extends string> = T & { readonly [name]: Name };

export function brand<Branded extends Brand<string, string>>(text: string): Branded {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one door through which text becomes an id
  return text as Branded;
}
