const text = {
  title: '登录',
  lead: '用您的证书登录，没有密码可被猜到或泄露。',
  card: '打开证书',
  action: '打开并登录',
  demoTitle: '演示登录',
  demoLead: '本站是演示环境，人物和项目都是虚构的。选一个身份，一点即入。',
  demoEnter: (name: string) => `以 ${name} 登录`,
  guide: '什么是证书',
  guideWhat: '证书是一个文件，像单位的公章：它证明是您在办事。里面的私钥只有您有，本站没有，也不能补发同一把。',
  guideKeep: '请把文件和口令分开保存。丢失或泄露时，请马上告诉交易中心吊销。',
  noCertificate: '还没有证书？',
  enrol: '有开通码，领取证书',
  failed: '演示证书没有打开，请再试一次。',
};
export type Text = typeof text;
export default text;
