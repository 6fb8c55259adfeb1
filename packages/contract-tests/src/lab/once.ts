/** Runs that several cards look at, made once for each subject and `key`. */
export function oncePer<Subject extends object, Run>(make: (subject: Subject, key: string) => Promise<Run>): (subject: Subject, key: string) => Promise<Run> {
  const known = new WeakMap<Subject, Map<string, Promise<Run>>>();
  return (subject, key) => {
    const runs = known.get(subject) ?? new Map<string, Promise<Run>>();
    known.set(subject, runs);
    const run = runs.get(key) ?? make(subject, key);
    runs.set(key, run);
    return run;
  };
}
