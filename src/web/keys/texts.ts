/** Words of the key dialog and of the key file field, which pages of all roles show. */
import type { Language } from '../i18n/language.ts';
import type { KeyErrorCode } from './protocol.ts';

const zh = {
  askTitle: '请打开您的证书',
  stays: '文件不会离开您的设备：私钥和口令只在这个标签页里使用，不上传，关闭后即消失。',
  file: '证书文件',
  fileHelp: '扩展名为 .p12 或 .pfx，开通时保存在您的电脑上。可以拖到这里。',
  choose: '选择文件',
  chosen: (name: string) => `已选：${name}`,
  passphrase: '证书口令',
  open: '打开证书',
  opening: '正在打开…',
  demoOpen: (name: string) => `用演示证书（${name}）`,
  noFile: '请先选择证书文件。',
  otherCertificate: '这不是您登录时用的证书。请选登录时的那一份，或退出后用这份证书重新登录。',
  errors: {
    'passphrase-wrong': '口令不对，或文件已损坏。请核对大小写后再输入；输错不会锁定。',
    'pkcs12-broken': '这个文件不是证书文件，或已损坏。请选扩展名为 .p12 或 .pfx 的那一份。',
    'key-none': '证书没有打开，请重新选择文件。',
    'passphrase-unfit': '口令至少 8 个字符，只能用英文字母、数字和符号。',
    'key-failed': '浏览器没有完成这一步。请刷新页面后再试。',
  } satisfies Record<KeyErrorCode, string>,
};

const en: typeof zh = {
  askTitle: 'Open your certificate',
  stays:
    'The file does not leave your device: key and passphrase are used in this tab only, are not sent, and end with it.',
  file: 'Certificate file',
  fileHelp: 'Ends in .p12 or .pfx; it was saved on your computer at enrolment. You can drop it here.',
  choose: 'Choose a file',
  chosen: (name) => `Chosen: ${name}`,
  passphrase: 'Passphrase of the certificate',
  open: 'Open the certificate',
  opening: 'Opening…',
  demoOpen: (name) => `Use the demo certificate (${name})`,
  noFile: 'Choose the certificate file first.',
  otherCertificate:
    'This is not the certificate you are logged in with. Choose that one, or log out and log in again with this one.',
  errors: {
    'passphrase-wrong':
      'The passphrase is wrong, or the file is damaged. Check capital letters and try again; nothing is locked.',
    'pkcs12-broken': 'This is no certificate file, or it is damaged. Choose the one that ends in .p12 or .pfx.',
    'key-none': 'No certificate is open; choose the file again.',
    'passphrase-unfit': 'At least 8 characters: English letters, digits and signs only.',
    'key-failed': 'The browser did not finish this step. Reload the page and try again.',
  },
};

export type KeyTexts = typeof zh;
export const keyTexts: Readonly<Record<Language, KeyTexts>> = { zh, en };
