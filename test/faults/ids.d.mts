export declare const withIds: RegExp;
export declare function idsIn(title: string): readonly string[];
export declare function titlesIn(text: string): readonly string[];
export declare function filesWithIds(): readonly { readonly path: string; readonly titles: readonly string[] }[];
export declare function catalogue(): ReadonlyMap<string, string>;
export declare function notApplicable(): ReadonlyMap<string, string>;
