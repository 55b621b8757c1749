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
    zh: '登录文本不符合约定格式',
    en: 'The log-in text does not have the form agreed on',
  },
  'login-nonce-invalid': {
    status: 403,
    zh: '登录随机数无效、已用过或已过期，请重新登录',
    en: 'The log-in nonce is wrong, used or expired; log in again',
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
