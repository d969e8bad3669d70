/** `node:path`. Not imported: an `import` of one of Node's modules takes longer than loading several of ours. */
export const nodePath = (): typeof import('node:path') => process.getBuiltinModule('node:path');
