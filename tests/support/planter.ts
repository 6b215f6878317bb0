import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { huifang, type Server } from './server.ts';

type Fields = Record<string, unknown>;
type Kinds = Record<string, { parent: string | null; fields: Record<string, { class: string }> }>;

/** Writes records as a shared PC of the office would, with whatever it likes in each field. */
export class Planter {
  private readonly vault = randomBytes(8).toString('hex');
  private readonly inc = randomBytes(8).toString('hex');
  private cookie = '';
  private device = '';
  private user = '';
  private seq = 1;
  private readonly kinds = JSON.parse(spawnSync(huifang, ['kinds', '--json'], { encoding: 'utf8' }).stdout) as Kinds;

  constructor(private readonly server: Server) {}

  async login(user: string, password: string): Promise<void> {
    const answer = await this.post('login', { user, password });
    this.cookie = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ');
    const body = (await answer.json()) as { device: string; user: { id: string } };
    this.device = body.device;
    this.user = body.user.id;
  }

  /** A record of this kind with the text in each of its fields that takes one; its id. */
  async plant(kind: string, area: string, parent: string | undefined, text: string, besides: Fields = {}): Promise<string> {
    const fields: Fields = {};
    for (const [name, { class: how }] of Object.entries(this.kinds[kind]!.fields)) {
      if (['*', 'area', 'blobs'].includes(name)) continue;
      if (how === 'plain' || how === 'critical') fields[name] = text;
      else if (how === 'set') fields[name] = [text];
    }
    return this.create(kind, area, parent, { ...fields, ...besides });
  }

  /** A record of this kind with these fields; its id. */
  async create(kind: string, area: string, parent: string | undefined, f: Fields): Promise<string> {
    const e = id();
    await this.save({ op: 'create', e, type: kind, area, ...(parent ? { parent } : {}), f });
    return e;
  }

  /** One op, as somebody who has seen what stands. */
  async save(op: Fields): Promise<void> {
    const changeset = { id: id(), schema: 1, t: Date.now(), t_contact: Date.now(), author: this.user, ops: [op] };
    const push = { first_seq: this.seq, changesets: [changeset] };
    const answer = await this.post('sync', { v: 1, device: this.device, inc: this.inc, push });
    const said = (await answer.json()) as { push: { results: { st: string }[] } };
    if (said.push?.results?.[0]?.st !== 'applied') throw new Error(`${JSON.stringify(op)} was not taken: ${JSON.stringify(said)}`);
    this.seq += 1;
  }

  private async post(path: string, body: unknown): Promise<Response> {
    const headers = { 'content-type': 'application/json', 'huifang-vault': this.vault, cookie: this.cookie };
    const answer = await fetch(`${this.server.url}/api/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}

/** A UUIDv7 of now. */
function id(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
