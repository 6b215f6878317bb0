import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Server } from './server.ts';

/** First columns of a query on the server's own database, read beside the running server. */
export function rows(server: Server, sql: string): string[] {
  const done = spawnSync('sqlite3', ['-readonly', '-cmd', '.timeout 10000', join(server.dataDir, 'huifang.db'), sql], { encoding: 'utf8', maxBuffer: 1 << 30 });
  if (done.status !== 0) throw new Error(`${sql}: ${done.stderr}`);
  return done.stdout.split('\n').filter((line) => line !== '');
}

/** How many rows of a table, or of a table with a condition, the server has. */
export function count(server: Server, from: string): number {
  return Number(rows(server, `SELECT count(*) FROM ${from}`)[0]);
}

/** The values of a field, over all records of a kind that have it. */
export function values(server: Server, kind: string, field: string): string[] {
  const value = `json_extract(body, '$.f.${field}[1]')`;
  return rows(server, `SELECT ${value} FROM record WHERE kind = '${kind}' AND ${value} IS NOT NULL`);
}

/** As if every device had been enrolled two days ago: on the day itself a session alone brings a lost grant back. */
export function enrolledEarlier(server: Server): void {
  change(server, 'UPDATE device SET enrolled_at = enrolled_at - 172800000');
}

/** As if a day had passed since the leaves were arranged. */
export function dayEarlier(server: Server): void {
  change(server, 'UPDATE deputy SET from_at = from_at - 86400000, to_at = to_at - 86400000');
}

function change(server: Server, sql: string): void {
  const done = spawnSync('sqlite3', ['-cmd', '.timeout 10000', join(server.dataDir, 'huifang.db'), sql], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
}

/** The device that was enrolled last. */
export function newestDevice(server: Server): string {
  return rows(server, 'SELECT id FROM device ORDER BY enrolled_at DESC LIMIT 1')[0]!;
}

/** The storage incidents that devices reported. */
export function incidents(server: Server): string[] {
  return rows(server, "SELECT body FROM audit WHERE action = 'incident'");
}
