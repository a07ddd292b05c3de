/** Milliseconds of the processor that it takes: others may use the machine as well. */
export function processorMs(work: () => void): number {
  const began = process.threadCpuUsage();
  work();
  return process.threadCpuUsage(began).user / 1000;
}

/** The longest that this process was busy without a turn for anybody else, until it is stopped. */
export function longestTurn(): () => number {
  let longest = 0;
  let last = process.threadCpuUsage();
  const look = (): number => {
    longest = Math.max(longest, process.threadCpuUsage(last).user / 1000);
    last = process.threadCpuUsage();
    return longest;
  };
  const timer = setInterval(look, 5);
  return () => {
    clearInterval(timer);
    return look();
  };
}
