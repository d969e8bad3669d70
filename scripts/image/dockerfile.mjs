/** Reads a Dockerfile into stages of plain steps. What it does not know, it refuses: a step left out would prove nothing. */
import { DockerfileParser } from 'dockerfile-ast';

/**
 * @typedef {{ keyword: string, line: number, args: string[], flags: Record<string, string>, text: string,
 *   json: string[] | undefined, properties: [string, string][] }} Step
 * @typedef {{ name: string, from: string, steps: Step[] }} Stage
 */

const known = new Set(
  'ARG CMD COPY ENV EXPOSE FROM HEALTHCHECK LABEL RUN STOPSIGNAL USER WORKDIR'.split(' '),
);

/**
 * @param {string} text
 * @returns {Stage[]} in order; the last one is the image
 * @throws {Error} naming the line of an instruction or a flag that is not known here
 */
export function readDockerfile(text) {
  const stages = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const step = readStep(instruction);
    if (step.keyword === 'FROM') {
      const name = instruction.getBuildStage() ?? `stage-${stages.length}`;
      stages.push({ name, from: instruction.getImage(), steps: [] });
    } else if (stages.length === 0) {
      throw new Error(`Dockerfile:${step.line}: expected FROM first, got ${step.keyword}`);
    } else {
      stages.at(-1).steps.push(step);
    }
  }
  if (stages.length === 0) throw new Error('Expected the Dockerfile to have a FROM, found none');
  return stages;
}

/** @returns {Step} */
function readStep(instruction) {
  const keyword = instruction.getKeyword();
  const line = instruction.getRange().start.line + 1;
  if (!known.has(keyword)) throw new Error(`Dockerfile:${line}: ${keyword} cannot be replayed here`);
  const flags = Object.fromEntries(
    (instruction.getFlags?.() ?? []).map((flag) => [flag.getName(), flag.getValue()]),
  );
  const text = (instruction.getRawArgumentsContent() ?? '').trim();
  // Of a HEALTHCHECK, what stands behind its own CMD.
  const command = keyword === 'HEALTHCHECK' ? text.replace(/^.*?\bCMD\s+/s, '') : text;
  return {
    keyword,
    line,
    flags,
    args: instruction.getArguments().map((each) => each.getValue()),
    text,
    // The exec form is JSON by definition.
    json: command.startsWith('[') ? JSON.parse(command) : undefined,
    properties: (instruction.getProperties?.() ?? []).map((each) => [each.getName(), each.getValue()]),
  };
}

/**
 * What the image says of itself in its last stage.
 * @param {Stage} stage
 */
export function readImage(stage) {
  const last = (keyword) => stage.steps.findLast((step) => step.keyword === keyword);
  const properties = (keyword) =>
    Object.fromEntries(
      stage.steps.filter((step) => step.keyword === keyword).flatMap((step) => step.properties),
    );
  const healthcheck = last('HEALTHCHECK');
  return {
    command: last('CMD')?.json,
    // The shell form is a shell's, as Docker runs it.
    healthcheck:
      healthcheck && (healthcheck.json ?? ['/bin/sh', '-c', healthcheck.text.replace(/^.*?\bCMD\s+/s, '')]),
    healthcheckFlags: healthcheck?.flags ?? {},
    user: last('USER')?.text,
    stopSignal: last('STOPSIGNAL')?.text,
    workdir: last('WORKDIR')?.text ?? '/',
    env: properties('ENV'),
    labels: properties('LABEL'),
  };
}

/** `5s` and `1m30s` of a flag, in milliseconds. */
export function durationMs(text) {
  const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) total += count * units[unit];
  return total;
}
