// Loaded with --import: the program may not touch the engine or a model SDK while this is in place.
import Module, { register } from 'node:module';

const refused = /^(@duckdb|openai|@anthropic-ai)(\/|$)/;

const hooks = `export async function resolve(specifier, context, next) {
  if (${refused}.test(specifier)) throw new Error('loaded ' + specifier);
  return next(specifier, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

// The engine is required, which passes those hooks by.
const load = Module._load;
Module._load = (specifier, ...rest) => {
  if (refused.test(specifier)) throw new Error(`loaded ${specifier}`);
  return load(specifier, ...rest);
};
