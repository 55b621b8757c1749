/** Everybody of the demo city, registered by its administrator; each makes an own key. */
import { makeKey } from '../enrol.ts';
import { type City, type CityApp, openCity, type TestPerson } from './city.ts';

export type Citizen = TestPerson & { readonly name: string; readonly firm: string };

export type Citizens = {
  readonly administrator: Citizen;
  readonly host: Citizen;
  readonly finance: Citizen;
  readonly witness: Citizen;
  readonly supervisor: Citizen;
  readonly auditor: Citizen;
  readonly agency: Citizen;
  /** Urban construction, water works, administration of the city's offices. */
  readonly tenderers: readonly [Citizen, Citizen, Citizen];
  /** The first is the one that visitors play. */
  readonly bidders: readonly Citizen[];
  readonly experts: readonly Citizen[];
};

const firms: readonly (readonly [firm: string, person: string])[] = [
  ['广东岐海建设工程有限公司', '陈嘉敏'],
  ['粤恒市政工程集团有限公司', '黄志强'],
  ['中南水利水电建设有限公司', '李文博'],
  ['华晟建筑工程股份有限公司', '吴晓东'],
  ['珠江园林绿化工程有限公司', '梁淑仪'],
  ['南粤路桥建设集团有限公司', '郑国栋'],
  ['诚信机电设备安装有限公司', '何锦华'],
  ['五桂山建设监理有限公司', '罗振宇'],
];
const experts = ['苏建国', '谭丽娟', '冯伟明', '潘秀英', '邓永康', '曾雪梅', '叶志远'];

/** Registers the city's people. `keys` are made before, since that takes long. */
export async function settle(
  app: CityApp,
  keys: readonly ReturnType<typeof makeKey>[] = [],
): Promise<{ city: City } & Citizens> {
  let given = 0;
  const city = await openCity(app, () => {
    given += 1;
    return keys[given - 1] ?? makeKey();
  });
  const centre = city.administrator.session?.organisation ?? '';
  const one = async (
    role: Parameters<City['person']>[0],
    home: string,
    firm: string,
    name: string,
  ): Promise<Citizen> => ({
    ...(await city.person(role, home, name)),
    name,
    firm,
  });
  const from = async (role: Parameters<City['person']>[0], kind: string, firm: string, name: string) =>
    one(role, await city.organisation(kind, firm), firm, name);
  const own = '公共资源交易中心';
  const pool = '省综合评标专家库';
  const expertise = await city.organisation('expertise', pool);
  const [host, finance, witness, supervisor, auditor, agency, tenderers, bidding, judging] = await Promise.all([
    one('host', centre, own, '林岚'),
    one('finance', centre, own, '钟慧'),
    from('witness', 'association', '市建设工程招标投标协会', '何静'),
    from('supervisor', 'supervision', '市公共资源交易监督管理办公室', '方正'),
    from('auditor', 'supervision', '市审计局', '沈实'),
    from('agency', 'agency', '粤正工程咨询有限公司', '欧阳毅'),
    Promise.all([
      from('tenderer', 'tenderer', '市城市建设投资集团有限公司', '周明'),
      from('tenderer', 'tenderer', '市水务发展集团有限公司', '谢思远'),
      from('tenderer', 'tenderer', '市机关事务管理局', '许文静'),
    ]),
    Promise.all(firms.map(([firm, name]) => from('bidder', 'bidder', firm, name))),
    Promise.all(experts.map((name) => one('expert', expertise, pool, name))),
  ]);
  const { administrator: client } = city;
  const administrator = {
    id: client.session?.person ?? '',
    organisation: centre,
    client,
    name: '系统管理员',
    firm: own,
  };
  return {
    city,
    administrator,
    host,
    finance,
    witness,
    supervisor,
    auditor,
    agency,
    tenderers,
    bidders: bidding,
    experts: judging,
  };
}

/** How many keys the city needs. */
export const citizenCount = 10 + firms.length + experts.length;
