/** Leaves the log-ins of the demo city in the data folder, where the routes of demo-accounts.ts read them. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import forge from 'node-forge';
import { type DemoAccount, demoFiles } from '../../demo-accounts.ts';
import type { SigningKey } from '../../formats/cms.ts';
import { bytesOf } from '../../formats/cms-der.ts';
import type { Citizen, Citizens } from './people.ts';
import type { Told } from './stories.ts';

/** Known to everybody: these keys are given away. */
export const demoPassphrase = 'demo';

type Login = {
  readonly id: string;
  readonly role: string;
  readonly en: string;
  readonly citizen: Citizen;
  readonly hint: DemoAccount['hint'];
};

const said = (zh: string, en: string) => ({ zh, en });

/** One log-in or more of every role, the default one of a role first. */
function loginsOf(people: Citizens): Login[] {
  const login = (id: string, role: string, en: string, citizen: Citizen, hint: Login['hint']): Login => ({
    id,
    role,
    en,
    citizen,
    hint,
  });
  const { bidders, tenderers, experts } = people;
  return [
    login(
      'bidder-1',
      'bidder',
      'Chen Jiamin',
      bidders[0]!,
      said(
        '民众街道排涝泵站项目 10 时截标，您还没有投标。',
        'The pumping station closes at 10:00, and you have not filed a tender yet.',
      ),
    ),
    login(
      'bidder-2',
      'bidder',
      'Huang Zhiqiang',
      bidders[1]!,
      said('您已投标，截标前可以替换或撤回。', 'You have filed; replace or withdraw it before the deadline.'),
    ),
    login(
      'bidder-3',
      'bidder',
      'Li Wenbo',
      bidders[2]!,
      said('您收到应急供水设备采购的投标邀请。', 'You are invited to tender for the emergency water supply.'),
    ),
    login(
      'tenderer-1',
      'tenderer',
      'Zhou Ming',
      tenderers[0],
      said(
        '绿道项目有一条提问待答复；老旧小区改造正在公示中标候选人。',
        'A question on the greenway awaits your answer; the candidates of the housing renewal are in publicity.',
      ),
    ),
    login(
      'tenderer-2',
      'tenderer',
      'Xie Siyuan',
      tenderers[1],
      said(
        '排涝泵站项目今日 10 时截标；您是开启人员。',
        'The pumping station closes at 10:00 today; you are one of its officers.',
      ),
    ),
    login(
      'tenderer-3',
      'tenderer',
      'Xu Wenjing',
      tenderers[2],
      said(
        '办公家具采购已唱标，开标记录待见证人签署。',
        'The furniture tenders are announced; the record awaits the witness.',
      ),
    ),
    login(
      'agency-1',
      'agency',
      'Ouyang Yi',
      people.agency,
      said(
        '您代理文化中心勘察设计（已延期）和应急供水设备采购。',
        'You run the cultural centre (postponed) and the emergency water supply.',
      ),
    ),
    login(
      'host-1',
      'host',
      'Lin Lan',
      people.host,
      said(
        '请主持 10 时排涝泵站开标；新登记的监理项目待核对。',
        'Host the opening of the pumping station at 10:00; a new registration awaits your review.',
      ),
    ),
    login(
      'witness-1',
      'witness',
      'He Jing',
      people.witness,
      said(
        '请签署办公家具开标记录；10 时见证泵站开标。',
        'Sign the furniture opening record; witness the pumping station at 10:00.',
      ),
    ),
    login(
      'supervisor-1',
      'supervisor',
      'Fang Zheng',
      people.supervisor,
      said(
        '您是各场开标的开启人员，可解除叫停、下载审计材料。',
        'You are an officer of every opening; you may lift stops and download audit bundles.',
      ),
    ),
    login(
      'finance-1',
      'finance',
      'Zhong Hui',
      people.finance,
      said('查看各项目的收费与保证金要求。', 'See what fees and bonds the projects ask for.'),
    ),
    login(
      'expert-1',
      'expert',
      'Su Jianguo',
      experts[0]!,
      said(
        '污水处理厂二期正在评标，您的评分表填了一半。',
        'The sewage works are being evaluated; your sheet is half done.',
      ),
    ),
    login(
      'expert-2',
      'expert',
      'Tan Lijuan',
      experts[1]!,
      said('污水处理厂二期正在评标，您还没有打分。', 'The sewage works are being evaluated; you have not marked yet.'),
    ),
    login(
      'expert-3',
      'expert',
      'Feng Weiming',
      experts[2]!,
      said('您的评分表已锁定，等待其他成员。', 'Your sheet is locked; the other members are awaited.'),
    ),
    login(
      'auditor-1',
      'auditor',
      'Shen Shi',
      people.auditor,
      said('下载任一项目的审计材料并离线核验。', 'Download any audit bundle and verify it offline.'),
    ),
    login(
      'administrator-1',
      'administrator',
      'System administrator',
      people.administrator,
      said(
        '登记单位与人员，发开通码，吊销证书。',
        'Register organisations and people, issue codes, revoke certificates.',
      ),
    ),
  ];
}

/** Writes the key files first and the list last: what the list names is there. */
export async function leaveAccounts(dataDir: string, people: Citizens, told: readonly Told[]): Promise<DemoAccount[]> {
  const files = demoFiles(dataDir);
  const accounts: DemoAccount[] = [];
  for (const { id, role, en, citizen, hint } of loginsOf(people)) {
    if (!citizen.client.key) throw new Error(`${id} has no key`);
    await keep(files.key(id), pkcs12Of(citizen.client.key));
    const identities = [];
    for (const { project, code, opening, lot, officers } of told) {
      const officer = officers.find((o) => o.id === citizen.id);
      if (!officer) continue;
      await keep(files.identity(id, opening), `${officer.identity}\n`);
      identities.push({ opening, lot, project, code, file: `/demo/accounts/${id}/openings/${opening}/identity.txt` });
    }
    accounts.push({
      id,
      person: citizen.id,
      name: { zh: citizen.name, en },
      role,
      organisation: { id: citizen.organisation, name: citizen.firm },
      hint,
      p12: `/demo/accounts/${id}/key.p12`,
      passphrase: demoPassphrase,
      identities,
    });
  }
  await keep(files.accounts, JSON.stringify(accounts, null, 1));
  return accounts;
}

async function keep(path: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content, { flush: true });
  await chmod(path, 0o600);
}

/** As enrol.ts makes it, under a passphrase that guards nothing. */
function pkcs12Of(key: SigningKey): Uint8Array {
  const chain = [key.certificate, ...key.chain];
  const file = forge.pkcs12.toPkcs12Asn1(key.privateKey, chain, demoPassphrase, { algorithm: 'aes256' });
  return bytesOf(forge.asn1.toDer(file).getBytes());
}
