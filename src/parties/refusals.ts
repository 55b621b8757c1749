/** What the parties room refuses, in both languages. */
import { refusalsOf } from '../platform/refusal.ts';

export const partyRefusals = {
  'uscc-invalid': {
    status: 422,
    zh: '统一社会信用代码有误（GB 32100-2015 校验不符）',
    en: 'The unified social credit code fails the check of GB 32100-2015',
  },
  'organisation-known': { status: 409, zh: '该单位已登记', en: 'The organisation is registered already' },
  'organisation-unknown': { status: 404, zh: '没有这个单位', en: 'There is no such organisation' },
  'person-unknown': { status: 404, zh: '没有这个人员', en: 'There is no such person' },
  'roles-conflict': { status: 422, zh: '这两个角色不能由同一人担任', en: 'One person may not hold both roles' },
  'roles-own': {
    status: 403,
    zh: '管理员不能调整自己的角色',
    en: 'An administrator does not change their own roles',
  },
  'role-homeless': {
    status: 422,
    zh: '该角色不属于此类单位',
    en: 'The organisation is not of a kind that this role comes from',
  },
  'code-invalid': {
    status: 403,
    zh: '开通码无效、已用过或已过期',
    en: 'The enrolment code is wrong, used or expired',
  },
  'csr-invalid': {
    status: 422,
    zh: '证书请求无效：须为 RSA 2048 位以上且自签名正确',
    en: 'The certificate request is invalid: RSA of at least 2048 bits with a valid signature of its own is needed',
  },
  'key-weak': {
    status: 422,
    zh: '该密钥属于已知可破解的弱密钥，请重新生成',
    en: 'The key is of a kind known to be broken; make a new one',
  },
  'person-known': { status: 409, zh: '该人员已登记', en: 'The person is registered already' },
  'person-active': { status: 409, zh: '请先停用账号', en: 'Close the account first' },
  'change-unsigned': {
    status: 422,
    zh: '换发须由现用证书对新证书请求签名',
    en: 'The change must be signed by the certificate in use, over the new request',
  },
  'certificate-of-platform': {
    status: 422,
    zh: '平台自签证书无需绑定',
    en: 'A certificate of the platform itself is not bound this way',
  },
  'registration-unknown': { status: 404, zh: '没有这份注册申请', en: 'There is no such registration' },
  'registration-decided': { status: 409, zh: '该申请已处理', en: 'The registration has been decided already' },
  'certificate-unknown': { status: 403, zh: '平台不认识这张证书', en: 'The platform does not know this certificate' },
  'certificate-untrusted': {
    status: 403,
    zh: '证书不是可信机构签发或已过期',
    en: 'The certificate is not issued by a trusted authority, or not valid at this time',
  },
  'certificate-revoked': { status: 403, zh: '证书已吊销', en: 'The certificate has been revoked' },
  'certificate-taken': { status: 409, zh: '该证书已登记', en: 'The certificate is registered already' },
  'already-revoked': { status: 409, zh: '证书已经吊销', en: 'The certificate is revoked already' },
  'signature-invalid': { status: 422, zh: '签名无效', en: 'The signature is not valid' },
  'login-text-invalid': {
    status: 422,
    zh: '待签文本不符合约定格式',
    en: 'The signed text does not have the form agreed on',
  },
  'login-nonce-invalid': {
    status: 403,
    zh: '随机数无效、已用过或已过期，请重试',
    en: 'The nonce is wrong, used or expired; try again',
  },
  'login-clock': {
    status: 422,
    zh: '本机时钟与服务器相差过大',
    en: "Your clock differs too much from the server's",
  },
  'person-inactive': { status: 403, zh: '账号已停用', en: 'The account is closed' },
} as const;
export type PartyRefusal = keyof typeof partyRefusals;
export const partyRefusal = refusalsOf<PartyRefusal>(partyRefusals);
