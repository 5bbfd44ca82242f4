// Turns the TypeBox schemas of a package into plain validating functions, written to its src/generated/validators.ts.
// Done at build time, so that no run loads TypeBox and no page needs eval.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Code } from 'typebox/compile';
import { runnerImport } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The body of one check: what TypeBox generates for the schema, with its patterns written in place. */
const checkOf = (schema) => {
  const { External, Code: source } = Code(schema);
  const line = source.split('\n').find((text) => text.startsWith('const check_0 = '));
  if (!line || source.includes('const check_1')) throw new Error('a recursive schema is not supported');
  const inline = line
    .slice('const check_0 = '.length)
    .replace(/;$/, '')
    .replaceAll(/External\[(\d+)\]/g, (_, index) => String(External.variables[Number(index)]));
  if (/\b(Guard|Hashing|External)\b/.test(inline)) {
    throw new Error(`this check needs TypeBox at run time: ${inline}`);
  }
  return inline;
};

const table = (schemas, render) =>
  Object.entries(schemas)
    .map(([name, schema]) => `  ${name}: ${render(schema)},\n`)
    .join('');

const fieldChecks = (schema) => {
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties).map(([name, field]) => {
    const check = checkOf(field);
    return `    ${name}: ${required.has(name) ? check : `(value) => value === undefined || (${check})(value)`},\n`;
  });
  return `{\n${fields.join('')}  }`;
};

const packages = [
  {
    name: 'protocol',
    tables: { clientSchemas: 'clientChecks', serverSchemas: 'serverChecks' },
    fields: 'clientSchemas',
  },
  {
    name: 'control',
    tables: {
      phoneSchemas: 'phoneChecks',
      desktopSchemas: 'desktopChecks',
      clipboardPhoneSchemas: 'clipboardPhoneChecks',
      clipboardDesktopSchemas: 'clipboardDesktopChecks',
    },
  },
  // In a module of its own: the phone's page fetches it with what it is for.
  {
    name: 'control',
    schemas: 'screen-schemas',
    validators: 'screen-validators',
    tables: { screenPhoneSchemas: 'screenPhoneChecks', screenDesktopSchemas: 'screenDesktopChecks' },
  },
];

for (const { name, schemas: file = 'schemas', validators = 'validators', tables, fields } of packages) {
  const source = join(root, 'packages', name, 'src');
  const { module } = await runnerImport(join(source, `${file}.ts`), { root, configFile: false, logLevel: 'error' });
  const parts = [`// Generated from ../${file}.ts by scripts/generate-validators.mjs.\n// @ts-nocheck\n`];
  const types = 'Readonly<Record<KEYS, (value: unknown) => boolean>>';
  const keysOf = (schemas) =>
    Object.keys(schemas)
      .map((key) => `'${key}'`)
      .join(' | ');
  for (const [schemas, checks] of Object.entries(tables)) {
    const type = types.replace('KEYS', keysOf(module[schemas]));
    parts.push(`export const ${checks}: ${type} = {\n${table(module[schemas], checkOf)}};\n`);
  }
  if (fields) {
    const type = `Readonly<Record<${keysOf(module[fields])}, Readonly<Record<string, (value: unknown) => boolean>>>>`;
    parts.push(`export const clientFieldChecks: ${type} = {\n${table(module[fields], fieldChecks)}};\n`);
  }
  const target = join(source, 'generated', `${validators}.ts`);
  const text = parts.join('\n');
  mkdirSync(dirname(target), { recursive: true });
  let before = '';
  try {
    before = readFileSync(target, 'utf8');
  } catch {
    // Not generated yet.
  }
  // Left alone when nothing changed, so that an incremental build has nothing to do.
  if (before !== text) writeFileSync(target, text);
}
