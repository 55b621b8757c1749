const text = {
  title: '查验凭证',
  description: '拖入 PDF 凭证，在您的设备上核验真伪。',
  lead: '文件不会离开您的设备，核验由您的浏览器完成。',
  drop: '把 PDF 凭证拖到这里',
  or: '或点击选择文件 · 文件不会上传',
  byNumber: '按编号查找',
  number: '凭证编号（页眉或二维码旁）',
  find: '查找',
  steps: {
    signature: '签名有效，内容未改',
    issued: '由本中心签发',
    log: '已写入公开日志，校验点签名有效',
    facts: '内容与公开日志一致',
    signer: '签名证书可追到信任根',
  },
  working: '正在核验…',
  verdicts: {
    genuine: '这份凭证是真的',
    'not-genuine': '这不是本中心发出的内容',
    unknown: '现在无法判断',
  },
  reasons: {
    genuine: '签名、内容和公开日志全部一致。',
    'not-genuine': '不要相信这份文件。可能被改动过，或者不是本中心签发的。',
    unknown: '网络不通，或者记录还没有进入校验点。请稍后再试；在此之前不要当真。',
  },
  detail: '说明',
  signedAt: '签名时间',
  entry: '公开日志记录',
  hash: '文件哈希 SHA-256',
  own: '不用本站也能核验',
  ownHelp: '比对文件的哈希，并让别的程序检查签名：',
  found: (number: string) => `编号 ${number} 的签发记录`,
  none: (number: string) => `没有签发过编号 ${number} 的文件。编号无误的话，您手中的文件不是本中心签发的。`,
  original: '下载原件（PDF）',
  tooBig: '文件超过 64 MB，不是本中心的凭证。',
  rootsHelp: '信任根证书来自本站。请从别处取得一份并比对。',
};

export type Text = typeof text;
export default text;
