const text = {
  title: '领取证书',
  lead: '私钥在您的浏览器里生成，只有证书请求送到服务器。',
  code: '开通码',
  codeHelp: '管理员给您的 32 位字符，只能用一次。',
  codeWrong: '开通码是 32 位，由数字和 a 到 f 组成。',
  passphrase: '为证书文件设口令',
  passphraseHelp: '至少 8 个字符，只用英文字母、数字和符号。请记牢：谁也不能替您找回。',
  again: '再输一次口令',
  differ: '两次输入的口令不同。',
  act: '生成私钥并领取',
  doneTitle: '证书已领取，请现在保存',
  doneHelp: '离开这一页之前请先保存文件。不保存，私钥就没有了，只能请管理员重发开通码。',
  save: '保存证书文件',
  logIn: '去登录',
};
export type Text = typeof text;
export default text;
