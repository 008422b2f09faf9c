/** Names of home directories, also as Claude Code flattens them in its project folders. */
const homes: readonly (readonly [RegExp, string])[] = [
  [/(?<![\w.~-])(?:\/var|\/export)?\/(?:home|Users)\/[^\s/\\"'`:;,<>|()[\]{}]{1,64}/g, '~'],
  [/(?<![\w.~-])(?:\/mnt)?\/[a-z]\/Users\/[^\s/\\"'`:;,<>|()[\]{}]{1,64}/gi, '~'],
  [/(?<![A-Za-z])[A-Za-z]:(?:\\{1,4}|\/)Users(?:\\{1,4}|\/)[^\s/\\"'`:;,<>|()[\]{}]{1,64}/gi, '~'],
  [/(?<![\w.~/-])\/root(?=\/)/g, '~'],
  [/(?<=[/\\])-(?:home|Users)-[^\s/\\"'`:;,<>|()[\]{}-]{1,64}/g, '-~'],
];

export function hideHomes(text: string): string {
  return homes.reduce((shown, [pattern, home]) => shown.replace(pattern, home), text);
}

/** `git@` is a login of no person, and `icon@2x.png` is a file. */
const address =
  /(?<![\w.%+-])(?!git@)[\w.%+-]{1,128}@(?:[A-Za-z0-9-]{1,63}\.){1,8}(?!(?:png|jpe?g|gif|svg|webp|js|ts|json|css|md)(?![A-Za-z]))[A-Za-z]{2,24}(?![A-Za-z0-9])/g;

export function hideAddresses(text: string, mark: (address: string) => string): string {
  return text.replace(address, mark);
}
