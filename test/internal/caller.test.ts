import { expect, test } from 'vitest';
import { callerOf, methodCallAbove } from '../../src/internal/caller.ts';

test('names the place that called a function, past what the runtime puts in between', () => {
  const callee = () => callerOf(callee);
  const [place] = [1].map(callee);
  expect(place).toMatch(/^at .*caller\.test\.ts:\d+:\d+/);
});

test('is undefined where only the runtime called it', async () => {
  const place = await new Promise((resolve) => {
    setImmediate(function callee() {
      resolve(callerOf(callee));
    });
  });
  expect(place).toBeUndefined();
});

test('names what called a method, past those that wrap the way from there', () => {
  const listener = () => methodCallAbove(['exit', 'quit'], listener);
  const wrapped = () => listener();
  const object = { exit: () => wrapped(), quit: () => wrapped(), end: () => wrapped() };
  const exit = () => object.exit();
  expect(exit()?.place).toMatch(/^at exit \(.*caller\.test\.ts/);
  const userCode = () => object.quit();
  expect(userCode()?.place).toMatch(/^at userCode \(.*caller\.test\.ts/);
  expect(object.end()).toBeUndefined();
});
