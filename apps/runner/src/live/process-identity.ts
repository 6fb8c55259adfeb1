import { readFileSync } from 'node:fs';

/** What tells a process from a later one with the same number; undefined where the system does not say. */
export function startOf(pid: number): string | undefined {
  try {
    // the 22nd field is the start in ticks since boot; the 2nd, the name, may hold anything but ends with the last bracket
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${String(ticks)}`;
  } catch {
    return undefined;
  }
}

/** True when a process of this machine has the number. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // somebody else's, but alive
  }
}
