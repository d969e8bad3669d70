import { Ajv2020 } from 'ajv/dist/2020.js';

/** What is wrong with a value by a JSON Schema; empty if nothing is. */
export function faultsOf(schema: object, value: unknown): string[] {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    // Half of a schema's conditions speak of properties that the other half declares.
    strictRequired: false,
    formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/ },
  });
  const validate = ajv.compile(schema);
  validate(value);
  return (validate.errors ?? []).map((each) => `${each.instancePath} ${each.message}`);
}
