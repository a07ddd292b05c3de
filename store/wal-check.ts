import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  truncateSync,
} from 'node:fs';
import { basename } from 'node:path';
import { ToldError } from '../config/told-error.ts';
import { fileStamp } from './file-stamp.ts';

/** The database cannot be used as it lies there; the words are for whoever runs the daemon. */
export class DatabaseUnusable extends ToldError {
  override readonly name = 'DatabaseUnusable';
}

export interface WalFinding {
  /** Commits in front of the first frame that is not whole: SQLite takes these. */
  commits: number;
  /** Up to where the log is whole. */
  goodBytes: number;
  /** Commits that begin or end behind it, as far as their frames can be told: they are lost. */
  lostCommits: number;
}

const headerBytes = 32;
const frameHeadBytes = 24;
const magic = 0x377f0682;

/**
 * Reads a write-ahead log as SQLite will when it recovers. That takes what lies before the first
 * frame that is not whole, and says nothing of what lies behind: after a power cut those are commits
 * nobody was told of, but behind flipped bits they are commits that were acknowledged. At most one
 * commit is ever ahead of the disk, so more than one behind a bad frame means damage.
 * @returns undefined where there is nothing to read
 */
export function checkWal(file: string): WalFinding | undefined {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    return undefined;
  }
  try {
    return readFrames(fd, fstatSync(fd).size);
  } finally {
    closeSync(fd);
  }
}

function readFrames(fd: number, size: number): WalFinding | undefined {
  if (size < headerBytes + frameHeadBytes) return undefined;
  const header = Buffer.alloc(headerBytes);
  readSync(fd, header, 0, headerBytes, 0);
  // The low bit says in which order the numbers of the sums are read.
  const big = (header.readUInt32BE(0) & 1) === 1;
  const pageBytes = pageSize(header);
  const headerGood =
    header.readUInt32BE(0) >>> 1 === magic >>> 1 &&
    pageBytes !== undefined &&
    isSum(checksum(header.subarray(0, 24), big, [0, 0]), header, 24);
  const page = pageBytes ?? 4096;
  const frame = Buffer.alloc(frameHeadBytes + page);
  let salt = header.subarray(16, 24);
  let sum: Sum = [header.readUInt32BE(24), header.readUInt32BE(28)];
  let good = headerGood;
  const finding: WalFinding = { commits: 0, goodBytes: 0, lostCommits: 0 };
  for (let at = headerBytes; at + frame.length <= size; at += frame.length) {
    readSync(fd, frame, 0, frame.length, at);
    // A header that is damaged tells no salt: that of the first frame has to do.
    if (!headerGood && at === headerBytes) salt = Buffer.from(frame.subarray(8, 16));
    const ours = frame.subarray(8, 16).equals(salt);
    const whole = ours && isSum(sumOf(frame, big, sum), frame, 16);
    if (!whole) good = false;
    const isCommit = frame.readUInt32BE(4) !== 0;
    if (good && isCommit) {
      finding.commits += 1;
      finding.goodBytes = at + frame.length;
    }
    if (!good && ours && isCommit) finding.lostCommits += 1;
    // The sum goes on from what the frame says of itself, so that those behind a bad one are known.
    sum = [frame.readUInt32BE(16), frame.readUInt32BE(20)];
  }
  return finding;
}

/**
 * Refuses a database whose log has lost what was acknowledged, and a log without its database.
 * @throws DatabaseUnusable
 */
export function assertWal(file: string): void {
  const found = checkWal(`${file}-wal`);
  if (found === undefined) return;
  if (found.commits > 0 && !existsSync(file)) {
    // SQLite would begin an empty database, and throw the log away.
    const name = basename(file);
    throw new DatabaseUnusable({
      zh:
        `数据库（${name}）不见了，而它的日志（${name}-wal）中有 ${found.commits} 次提交：` +
        '请把它放回来，或恢复最近的备份；若要从头开始，请移走该日志',
      en:
        `the database (${name}) is missing, and its log (${name}-wal) holds ` +
        `${found.commits} commits: put it back, or restore the newest backup. To begin anew, move the log away`,
    });
  }
  if (found.lostCommits <= 1) return;
  throw new DatabaseUnusable({
    zh:
      `数据库的日志（wxrc.db-wal）已损坏：可读出 ${found.commits} 次提交，损坏处之后的 ${found.lostCommits} 次` +
      '将会丢失。请恢复最近的备份；或放弃这些提交：wxrc wal cut --yes',
    en:
      `the log of the database (wxrc.db-wal) is damaged: ${found.commits} commits can be read, ` +
      `${found.lostCommits} behind the damage would be lost. Restore the newest backup; or give ` +
      `these commits up with: wxrc wal cut --yes`,
  });
}

/**
 * Gives up what lies behind the damage; the log as it was is kept beside it.
 * @returns where
 */
export function cutWal(file: string, now: number): string {
  const kept = `${file}.damaged-${fileStamp(now)}`;
  copyFileSync(file, kept);
  truncateSync(file, checkWal(file)?.goodBytes ?? 0);
  return kept;
}

type Sum = [number, number];

function sumOf(frame: Buffer, big: boolean, before: Sum): Sum {
  const head = checksum(frame.subarray(0, 8), big, before);
  return checksum(frame.subarray(frameHeadBytes), big, head);
}

/** As the file format describes it: two running sums of 32 bits. */
function checksum(bytes: Buffer, big: boolean, before: Sum): Sum {
  let [first, second] = before;
  for (let at = 0; at < bytes.length; at += 8) {
    const one = big ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
    const two = big ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4);
    first = (first + one + second) >>> 0;
    second = (second + two + first) >>> 0;
  }
  return [first, second];
}

function isSum(sum: Sum, bytes: Buffer, at: number): boolean {
  return bytes.readUInt32BE(at) === sum[0] && bytes.readUInt32BE(at + 4) === sum[1];
}

function pageSize(header: Buffer): number | undefined {
  const size = header.readUInt32BE(8);
  return size >= 512 && size <= 65_536 && (size & (size - 1)) === 0 ? size : undefined;
}
