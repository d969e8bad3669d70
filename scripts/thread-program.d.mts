/** The program of the listening thread with all that it imports: text for a `Worker`. */
export function threadProgram(): Promise<string>;
