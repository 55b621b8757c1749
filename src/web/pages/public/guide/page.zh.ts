const text = {
  title: '怎样自己核验',
  description: '只用通用工具，不相信本站也能核验每一步。',
  lead: '不必相信我们。下面每一步都只用通用工具，在您自己的电脑上完成。',
  steps: [
    {
      title: '凭证是不是真的',
      text: '比对文件哈希，让别的程序检查 PDF 签名，取出机器可读的内容。',
      commands: 'sha256sum FILE.pdf\npdfsig FILE.pdf\npdfdetach -save 1 -o facts.json FILE.pdf',
    },
    {
      title: '公开日志有没有被改过',
      text: '下载项目的公开核验包，从全部叶子算出根哈希，与签名校验点比对。',
      commands: 'python3 verify.py log . "$(cat log.vkey)" $(cat witness.vkeys)',
    },
    {
      title: '开标规则由谁签署',
      text: '每位开标人员都用自己的证书签过规则；任何一人都不能单独打开。',
      commands:
        'openssl cms -verify -binary -inform DER -in policy-1.json.p7s \\\n  -content policy.json -CAfile ca.pem -purpose any -out /dev/null',
    },
    {
      title: '您的投标有没有被丢掉',
      text: '用您的回执核对：它必须在截标锁定的名单里。',
      commands: 'python3 verify.py receipt receipt.txt "$(cat log.vkey)"',
    },
    {
      title: '整个项目一次核验',
      text: '一条命令核验全部环节，任何改动都给出原因代码。',
      commands: 'npm run verify -- bundle.tar --trust trust.json',
    },
  ],
  roots: '信任根证书和日志公钥请从监督部门、报纸或您此前保存的副本取得，不要只信本站。',
  more: '完整的命令和脚本在源代码的 docs/check-it-yourself.md，测试会逐条真实执行它们。',
  rootsLink: '信任根证书',
  vkeyLink: '日志公钥',
  checkLink: '在线查验一份凭证',
};

export type Text = typeof text;
export default text;
