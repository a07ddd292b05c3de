export interface HistogramNumbers {
  /** Upper bounds in seconds, rising. */
  bounds: readonly number[];
  /** How many fell under each bound, each counted in one place only. */
  buckets: readonly number[];
  count: number;
  seconds: number;
}

/** A histogram that was counted elsewhere, in the text form of Prometheus. */
export function histogramText(name: string, help: string, numbers: HistogramNumbers): string {
  const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`];
  let sum = 0;
  for (const [place, bound] of numbers.bounds.entries()) {
    sum += numbers.buckets[place] ?? 0;
    lines.push(`${name}_bucket{le="${bound}"} ${sum}`);
  }
  lines.push(`${name}_bucket{le="+Inf"} ${numbers.count}`);
  lines.push(`${name}_sum ${numbers.seconds}`, `${name}_count ${numbers.count}`);
  return `${lines.join('\n')}\n`;
}
