// Loaded with --import: names every package that the program loads on standard error, `loaded NAME` a line.
import Module, { register } from 'node:module';
import { pathToFileURL } from 'node:url';

const nameOf = (url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*\/node_modules\/)/.exec(url)?.[1];
const hooks = `const nameOf = ${String(nameOf)};
export async function load(url, context, next) {
  const name = nameOf(url);
  if (name !== undefined) process._rawDebug('loaded ' + name);
  const loaded = await next(url, context);
  // A part of the built program names the files that it was made of.
  const made = name === undefined && loaded.source ? String(loaded.source).matchAll(/^\\/\\/ (node_modules\\/.*)$/gm) : [];
  for (const [, file] of made) process._rawDebug('loaded ' + nameOf('/' + file));
  return loaded;
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

// What is required passes those hooks by.
const compile = Module.prototype._compile;
Module.prototype._compile = function (content, path, ...rest) {
  const found = nameOf(pathToFileURL(path).href);
  if (found !== undefined) process._rawDebug(`loaded ${found}`);
  return compile.call(this, content, path, ...rest);
};
