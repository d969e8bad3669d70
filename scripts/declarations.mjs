/** Finds the part of the compiler's declarations that a user of an entry can reach; exports between modules are internal. */
import { posix } from 'node:path';
import { parseSync } from 'rolldown/utils';

/** A module's statements, by the names that they declare, and where the names that it imports come from. */
class Module {
  imports = [];
  statements = [];
  /** The statements that are shipped. */
  kept = new Set();

  constructor(path, text) {
    this.path = path;
    const { program, errors } = parseSync(`${path}.d.ts`, text, { lang: 'dts' });
    for (const error of errors) throw error;
    let end = 0;
    for (const node of program.body) {
      // With the comment before it.
      const whole = text.slice(end, node.end).trim();
      end = node.end;
      const names = namesOf(node);
      const isImport = node.type === 'ImportDeclaration';
      (isImport ? this.imports : this.statements).push({ node, names, text: whole });
    }
  }

  /** The module that a specifier names; undefined outside of the package. */
  resolve(specifier) {
    if (!specifier.startsWith('.')) return undefined;
    return posix.join(posix.dirname(this.path), specifier.replace(/\.ts$/, ''));
  }

  /** The declarations that are left. */
  get text() {
    const used = new Set([...this.kept].flatMap(({ node }) => [...namesIn(node)]));
    const imports = this.imports.flatMap(({ node, text }) => {
      const left = node.specifiers.filter(({ local }) => used.has(local.name));
      if (left.length === node.specifiers.length) return [text];
      if (left.length === 0) return [];
      return [`import type { ${left.map(specifierText).join(', ')} } from '${node.source.value}';`];
    });
    const marker = this.statements.filter(({ names, node }) => names.length === 0 && node.source === null);
    const statements = this.statements.filter((each) => this.kept.has(each) || marker.includes(each));
    return `${[...imports, ...statements.map(({ text }) => text)].join('\n')}\n`;
  }
}

function specifierText({ imported, local }) {
  return imported.name === local.name ? local.name : `${imported.name} as ${local.name}`;
}

/** The names that a statement declares or exports. */
function namesOf(node) {
  if (node.type === 'ImportDeclaration') return [];
  const { declaration = node, specifiers = [] } = node;
  if (specifiers.length > 0) return specifiers.map(({ exported }) => exported.name);
  if (declaration === null) return [];
  const ids = declaration.declarations?.map(({ id }) => id) ?? [declaration.id];
  return ids.map(({ name }) => name);
}

/** Every identifier below a node, those of members as well: a name too many ships a declaration too many, and no more. */
function* namesIn(node) {
  if (typeof node !== 'object' || node === null) return;
  if (node.type === 'TSImportType') throw new Error('Expected imports on top, where they are followed');
  if (node.type === 'Identifier') yield node.name;
  for (const child of Object.values(node)) yield* namesIn(child);
}

/**
 * @param entries modules, such as `health/controller`, of which everything is reachable
 * @param read returns a module's declarations
 * @returns the declarations that are left of each module, by module
 */
export async function reachableDeclarations(entries, read) {
  const modules = new Map();
  const moduleAt = async (path) => {
    if (!modules.has(path)) modules.set(path, new Module(path, await read(path)));
    return modules.get(path);
  };
  const keepName = async (module, name) => {
    for (const statement of module.statements.filter(({ names }) => names.includes(name)))
      await keep(module, statement);
    for (const { node } of module.imports)
      for (const { local, imported } of node.specifiers) {
        const target = local.name === name ? module.resolve(node.source.value) : undefined;
        if (target !== undefined) await keepName(await moduleAt(target), imported.name);
      }
  };
  const keep = async (module, statement) => {
    if (module.kept.has(statement)) return;
    module.kept.add(statement);
    const { source, specifiers } = statement.node;
    const target = source ? module.resolve(source.value) : undefined;
    if (target === undefined) for (const name of namesIn(statement.node)) await keepName(module, name);
    else for (const { local } of specifiers) await keepName(await moduleAt(target), local.name);
  };
  for (const entry of entries) {
    const module = await moduleAt(entry);
    for (const statement of module.statements) await keep(module, statement);
  }
  const shipped = [...modules].filter(([, { kept }]) => kept.size > 0);
  return new Map(shipped.map(([path, { text }]) => [path, text]));
}
