import type { StepName, TraceStep } from './responder.ts';

export type Answered = StepName | 'failed';

/** Upper ends of the classes that times of answers are counted in, in seconds. */
export const answerSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Counts what the chatbot does, since the start. */
export class ChatMeter {
  readonly questions = { asked: 0, repeated: 0, refused: 0 };
  readonly answers = new Map<Answered, number>();
  /** By class; each answer in one only. */
  readonly times = { buckets: answerSeconds.map(() => 0), count: 0, seconds: 0 };
  readonly tokens = { prompt: 0, completion: 0 };

  readonly modelFailures = new Map<string, number>();
  readonly appraisals = { liked: 0, disliked: 0 };

  modelFailed(reason: string): void {
    this.modelFailures.set(reason, (this.modelFailures.get(reason) ?? 0) + 1);
  }

  appraised(liked: boolean): void {
    this.appraisals[liked ? 'liked' : 'disliked'] += 1;
  }

  asked(what: keyof ChatMeter['questions']): void {
    this.questions[what] += 1;
  }

  answered(steps: readonly TraceStep[], whole: boolean, ms: number): void {
    const by = steps.find((one) => one.outcome === 'answered')?.step;
    const answered = whole ? (by ?? 'failed') : 'failed';
    this.answers.set(answered, (this.answers.get(answered) ?? 0) + 1);
    const { times } = this;
    const place = answerSeconds.findIndex((seconds) => ms / 1000 <= seconds);
    if (place !== -1) times.buckets[place] = (times.buckets[place] ?? 0) + 1;
    times.count += 1;
    times.seconds += ms / 1000;
  }

  /** By calls, not by answers: one that broke off was used as well. */
  spent({ prompt, completion }: { prompt: number; completion: number }): void {
    this.tokens.prompt += prompt;
    this.tokens.completion += completion;
  }
}
