import { AppError } from '../errors.ts';

// The English texts are those of the original: clients may look for them.

export function noGroup(): AppError {
  return new AppError('not_found', { zh: '群不存在', en: 'group non exists' });
}

export function noMember(uid: number): AppError {
  return new AppError('not_found', {
    zh: `用户 ${uid} 不是群成员`,
    en: `user ${uid} is no member of the group`,
  });
}

export function gidTaken(gid: number): AppError {
  return new AppError('conflict', {
    // Whose it is, and whether it still is, is not said: it may be another application's.
    zh: `群号 ${gid} 不能使用`,
    en: `group id ${gid} cannot be used`,
  });
}

export function gidOutOfRange(): AppError {
  return new AppError('field_value', {
    zh: '群 id 必须是 1 到 2^52 的整数',
    en: 'a group id is an integer from 1 to 2^52',
  });
}

export function masterNotSelf(): AppError {
  return new AppError('forbidden', { zh: '群主必须是自己', en: 'master must be self' });
}

export function noAuthority(): AppError {
  return new AppError('forbidden', { zh: '没有权限', en: 'no authority' });
}

export function notOwnSetting(): AppError {
  return new AppError('forbidden', {
    zh: '不能修改其他成员的设置',
    en: 'setting other is forbidden',
  });
}
