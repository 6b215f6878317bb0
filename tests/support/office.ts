import { Server } from './server.ts';

export const CLERK = { user: 'clerk', password: 'oak-table-river-58' };
export const WORKER = { user: 'worker', password: 'tall-grass-window-31' };
export const WORKER2 = { user: 'worker2', password: 'slow-boat-lantern-77' };
export const TOWNSHIP = '339999100';
/** The villages of the list, in the order of their codes. */
export const VILLAGES = ['红旗村', '石桥村', '柳河村', '东岭村', '南湾村', '双拥村', '大槐树村', '上杨家村', '下杨家村', '桃花社区']
  .map((name, index) => ({ code: `${TOWNSHIP}${201 + index}`, name }));
/** What a worker who walks the whole township has. */
export const ALL_VILLAGES = VILLAGES.map(({ code }) => code).join(',');

/** A clean office: county, township, its villages, a clerk and two workers with two villages each, one shared. */
export async function cleanOffice(): Promise<Server> {
  const server = await Server.prepare();
  server.must('area', 'add', '339999', '示范县');
  server.must('area', 'add', TOWNSHIP, '双桥镇');
  for (const { code, name } of VILLAGES) server.must('area', 'add', code, name);
  const account = (who: { user: string; password: string }, role: string, scope: string[]) =>
    server.must('account', 'add', who.user, '--role', role, '--scope', scope.join(','), '--password', who.password);
  account(CLERK, 'township_clerk', [TOWNSHIP]);
  account(WORKER, 'village_worker', [VILLAGES[0]!.code, VILLAGES[1]!.code]);
  account(WORKER2, 'village_worker', [VILLAGES[1]!.code, VILLAGES[2]!.code]);
  await server.start();
  return server;
}

/** A one-time code for a worker's next device. */
export function deviceCode(server: Server, user: string): string {
  return (JSON.parse(server.must('device', 'code', user, '--json')) as { code: string }).code;
}
