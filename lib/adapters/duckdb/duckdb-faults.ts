/** DuckDB says in front what kind of mistake it met. */
const aboutData =
  /^(Binder|Conversion|Invalid|Invalid Input|IO|Not implemented|Out of Range|Parser|Serialization|Constraint|Mismatch Type|Syntax) Error: /;
/** Of a full disk, or stopped by somebody: says nothing about the data. */
const aboutMachine = /No space left on device|Could not allocate|INTERRUPT/i;

/** Whether a statement failed for what it read: nothing another file, or another day, would mind. */
export const isAboutData = (error: unknown): error is Error =>
  error instanceof Error && aboutData.test(error.message) && !aboutMachine.test(error.message);

/** Whether it failed for what DuckDB is itself: its memory, or a state that nothing more can be asked of. */
export const isAboutEngine = (error: unknown): error is Error =>
  error instanceof Error && /^(Out of Memory|INTERNAL|Internal|FATAL) Error: /.test(error.message);
