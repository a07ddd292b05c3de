import { words } from '../../i18n.ts';

export const w = words(
  {
    login: '登录',
    username: '用户名',
    password: '密码',
    code: '动态验证码',
    codeHint: '身份验证器中的 6 位数字，或一个恢复码',
    lapsed: '登录已失效，请重新登录',
  },
  {
    login: 'Log in',
    username: 'User name',
    password: 'Password',
    code: 'One-time code',
    codeHint: 'Six digits of your authenticator, or a recovery code',
    lapsed: 'Your session has ended: please log in again',
  },
);
