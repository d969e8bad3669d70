/** `node:fs`. Not imported: an `import` reads every export, which loads much that Node itself loads when it is first needed. */
export const fs = (): typeof import('node:fs') => process.getBuiltinModule('node:fs');
