// Loaded with --import: the program may not touch the engine or a model SDK while this is in place.
import { register } from 'node:module';

const hooks = `export async function resolve(specifier, context, next) {
  if (/^(@duckdb|openai|@anthropic-ai)(\\/|$)/.test(specifier)) throw new Error('loaded ' + specifier);
  return next(specifier, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
