/** Work of this process so far, ms: unlike the time of day it does not go on while other processes have the machine. */
export function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
