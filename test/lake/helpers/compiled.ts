import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { transpileModule, ModuleKind, ScriptTarget } from 'typescript';
import { afterAll } from 'vitest';

const project = resolve(import.meta.dirname, '../../..');

/** The program and these helpers as JavaScript in a folder of their own, for tests that need a second process. */
export function compileLake(): string {
  return compileFolders(['test/lake/helpers']);
}

/** Folders of tests as JavaScript beside the built program, in a folder that the tests of a file share. */
export function compileFolders(folders: readonly string[]): string {
  const modules = join(project, 'dist', 'modules');
  if (!existsSync(modules)) throw new Error('dist/modules is missing: run `node build.mjs --modules` before the tests');
  const out = mkdtempSync(join(tmpdir(), 'sesh-compiled-'));
  afterAll(() => {
    rmSync(out, { recursive: true, force: true });
  });
  symlinkSync(join(project, 'node_modules'), join(out, 'node_modules'));
  symlinkSync(modules, join(out, 'src'));
  writeFileSync(join(out, 'package.json'), '{"type":"module"}');
  for (const folder of folders) compileFolder(join(project, folder), join(out, folder));
  return out;
}

function compileFolder(from: string, to: string): void {
  for (const name of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const target = join(to, name.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, javaScript(readFileSync(join(from, name), 'utf8')));
  }
}

function javaScript(source: string): string {
  const compilerOptions = {
    module: ModuleKind.ESNext,
    target: ScriptTarget.ES2022,
    rewriteRelativeImportExtensions: true,
  };
  return transpileModule(source, { compilerOptions }).outputText;
}
