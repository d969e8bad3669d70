const FLOOR = { name: 'floor: node:http, a constant', file: 'floor.js' };
const EXPRESS_FLOOR = { name: 'Express floor: a constant as first middleware', file: 'express.js' };

const allswell = (variant, label, workload = {}) => ({
  name: `**allswell**, ${label}`,
  file: 'allswell.js',
  workload: { variant, ...workload },
});

/** An answer that is kept for a second, or that needs no check. The first is the floor. */
export const CACHED = [
  FLOOR,
  { ...FLOOR, name: 'the floor again (A/A)' },
  { name: 'by hand, a kept Buffer', file: 'kept-buffer.js' },
  { ...allswell('node', 'on node:http'), bound: 1.05 },
  { ...allswell('attached', 'attached'), bound: 1.05 },
  { name: 'lightship (no checks)', file: 'lightship.js' },
  { name: 'fastify-healthcheck (background)', file: 'fastify-healthcheck.js' },
  { name: 'maikai', file: 'maikai.js', workload: { variant: 'node' } },
  { name: 'medicus (background)', file: 'medicus.js', workload: { variant: 'background' } },
  { name: '@adonisjs/health', file: 'adonis.js' },
  { name: '@nestjs/terminus, cached by hand', file: 'nest.js', workload: { variant: 'cached' } },
];

/** The same behind Express. The first is the Express floor. */
export const CACHED_EXPRESS = [
  EXPRESS_FLOOR,
  { ...EXPRESS_FLOOR, name: 'the Express floor again (A/A)' },
  { ...allswell('express', 'as first middleware of Express 5'), bound: 1.05 },
  { name: '@cloudnative/health-connect (no cache)', file: 'cloudnative.js' },
  { name: 'express-actuator (no checks)', file: 'actuator.js' },
  { name: 'maikai', file: 'maikai.js', workload: { variant: 'express' } },
  { name: '@nestjs/terminus, cached by hand', file: 'nest.js', workload: { variant: 'cached' } },
  { name: 'the bare floor, for comparison', file: 'floor.js' },
];

/** Checks that run for each request. */
export const UNCACHED = [
  FLOOR,
  { ...FLOOR, name: 'the floor again (A/A)' },
  { ...allswell('node', 'checks that return at once', { isSync: true }), bound: 1.2 },
  { ...allswell('node', 'checks that return a promise'), bound: 1.4 },
  { name: 'by hand', file: 'by-hand.js' },
  { name: 'maikai', file: 'maikai.js', workload: { variant: 'node' } },
  { name: 'medicus', file: 'medicus.js' },
  { name: '@fastify/under-pressure', file: 'under-pressure.js' },
  { name: '@godaddy/terminus', file: 'terminus.js' },
  { name: '@adonisjs/health', file: 'adonis.js' },
  { name: '@nestjs/terminus', file: 'nest.js' },
];

/** A thousand checks, kept. */
export const MANY = [
  FLOOR,
  { ...FLOOR, name: 'the floor again (A/A)' },
  { ...allswell('node', 'on node:http'), bound: 1.1 },
  { name: 'by hand (no cache)', file: 'by-hand.js' },
];

/** Whoever has a check that can be slow or hang. */
export const WITH_CHECKS = [
  { ...allswell('node', 'on node:http'), isBounded: true },
  { name: 'by hand', file: 'by-hand.js' },
  { name: '@godaddy/terminus', file: 'terminus.js' },
  { name: '@fastify/under-pressure', file: 'under-pressure.js' },
  { name: 'fastify-healthcheck (background)', file: 'fastify-healthcheck.js' },
  { name: '@nestjs/terminus', file: 'nest.js' },
  { name: '@nestjs/terminus, cached by hand', file: 'nest.js', workload: { variant: 'cached' } },
  { name: '@adonisjs/health', file: 'adonis.js' },
  { name: '@cloudnative/health-connect', file: 'cloudnative.js' },
  { name: 'maikai', file: 'maikai.js', workload: { variant: 'node' } },
  { name: 'medicus (background)', file: 'medicus.js', workload: { variant: 'background' } },
];
