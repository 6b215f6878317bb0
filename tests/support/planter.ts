import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { huifang, type Server } from './server.ts';
import { totp } from './totp.ts';

type Fields = Record<string, unknown>;
type Kinds = Record<string, { parent: string | null; fields: Record<string, { class: string }> }>;

/** Fields whose values are objects: rows, and what pages read as one. A set takes them one by one. */
const OBJECTS: Record<string, (text: string) => Fields> = {
  members: (text) => ({ name: text, relation: text, born: text, health: text, job: text, in_school: text, income: text }),
  diseases: (text) => ({ name: text, since: text, serious: text }),
  merits: (text) => ({ what: text, on: text }),
  certs: (text) => ({ kind: text, number: text, issuer: text, on: text }),
  guardian_consent: (text) => ({ name: text, relation: text, on: text, notice: text }),
  not_same: (text) => ({ other: text, reason: text }),
  agreement: (text) => ({ from: text, to: text, scope: text }),
};
/** Of these the value is a list of such objects. */
const ROWS = ['members', 'diseases'];
/** What is added to a list that only grows, with every name that a page reads. */
const entry = (text: string): Fields => ({
  verdict: 'returned', word: text, question: text, to: text, from: text, step: text, state: text, note: text, text, reason: text, result: text, evidence: text, by: text, on: text,
});

/** Writes records as a shared PC of the office would, with whatever it likes in each field. */
export class Planter {
  private readonly vault = randomBytes(8).toString('hex');
  private readonly inc = randomBytes(8).toString('hex');
  private cookie = '';
  private bearer = '';
  private device = '';
  private user = '';
  private seq = 1;
  private readonly kinds = JSON.parse(spawnSync(huifang, ['kinds', '--json'], { encoding: 'utf8' }).stdout) as Kinds;

  constructor(private readonly server: Server) {}

  /** Logs in at a shared PC, with a second factor where the role needs one. */
  async login(user: string, password: string): Promise<void> {
    let answer = await this.ask('login', { user, password });
    if (answer.status === 401) {
      const { secret } = (await answer.json()) as { secret: string };
      answer = await this.ask('login', { user, password, totp: totp(secret) });
    }
    if (!answer.ok) throw new Error(`login: ${answer.status} ${await answer.text()}`);
    this.keepCookies(answer);
    const body = (await answer.json()) as { device?: string; session: string; user: { id: string } };
    if (body.device) this.device = body.device;
    else this.bearer = body.session;
    this.user = body.user.id;
  }

  /** Logs in as a phone of its own, and says in its first contact that it lost its storage. */
  async loginAsPhoneThatLost(code: string, user: string, password: string): Promise<string> {
    this.device = randomBytes(16).toString('hex');
    this.keepCookies(await this.post('enrol', { code, device: this.device, vault: this.vault }));
    await this.login(user, password);
    const incident = { kind: 'went_back', inc: this.inc, lost: [4, 6] };
    const hello = {
      next_seq: 1, acked: 0, pending: 0, drafts: 0, blobs: 0, epoch: 1, scope_rev: 1, schema: 1, build: '1.0.0', t: Date.now(),
      storage: { persisted: false, incident },
    };
    await this.post('sync', { v: 1, device: this.device, inc: this.inc, hello });
    return this.device;
  }

  /** A record of this kind with the text in each of its fields that takes one, in the form that pages read; its id. */
  async plant(kind: string, area: string, parent: string | undefined, text: string, besides: Fields = {}): Promise<string> {
    const fields: Fields = {};
    const growing: string[] = [];
    for (const [name, { class: how }] of Object.entries(this.kinds[kind]!.fields)) {
      if (['*', 'area', 'blobs'].includes(name)) continue;
      const value = OBJECTS[name]?.(text) ?? text;
      if (how === 'plain' || how === 'critical') fields[name] = ROWS.includes(name) ? [value] : value;
      else if (how === 'set') fields[name] = [value];
      else if (how === 'append') growing.push(name);
    }
    const e = await this.create(kind, area, parent, { ...fields, ...besides });
    for (const f of growing) await this.save({ op: 'append', e, f, v: entry(text) });
    return e;
  }

  /** A record of this kind with these fields; its id. */
  async create(kind: string, area: string, parent: string | undefined, f: Fields): Promise<string> {
    const e = id();
    await this.save({ op: 'create', e, type: kind, area, ...(parent ? { parent } : {}), f });
    return e;
  }

  /** One op, as somebody who has seen what stands; who has not gets another verdict. */
  async save(op: Fields, verdict = 'applied'): Promise<void> {
    const changeset = { id: id(), schema: 1, t: Date.now(), t_contact: Date.now(), author: this.user, ops: [op] };
    const push = { first_seq: this.seq, changesets: [changeset] };
    const answer = await this.post('sync', { v: 1, device: this.device, inc: this.inc, push });
    const said = (await answer.json()) as { push: { results: { st: string }[] } };
    if (said.push?.results?.[0]?.st !== verdict) throw new Error(`${JSON.stringify(op)} was not taken: ${JSON.stringify(said)}`);
    this.seq += 1;
  }

  /** Asks the API for something, which must be granted. */
  async post(path: string, body: unknown): Promise<Response> {
    const answer = await this.ask(path, body);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  private ask(path: string, body: unknown): Promise<Response> {
    const headers: Record<string, string> = { 'content-type': 'application/json', 'huifang-vault': this.vault, cookie: this.cookie };
    if (this.bearer) headers.authorization = `Bearer ${this.bearer}`;
    return fetch(`${this.server.url}/api/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  private keepCookies(answer: Response): void {
    const given = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]!);
    this.cookie = [this.cookie, ...given].filter((cookie) => cookie !== '').join('; ');
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
