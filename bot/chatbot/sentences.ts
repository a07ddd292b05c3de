import type { Language, Text } from '../errors.ts';

/** What the chatbot says of its own. */
const failedText: Text = {
  zh: '抱歉，刚才的回答没有完成，请再问一次。',
  en: 'Sorry, that answer was not finished. Please ask again.',
};
const brokenText: Text = {
  zh: '（回答中断，请再问一次。）',
  en: '(The answer broke off. Please ask again.)',
};
export const fallbackText: Text = {
  zh: '抱歉，我还不知道这个问题的答案。您可以换个说法再问一次。',
  en: 'Sorry, I do not know the answer to this yet. You may try to ask in other words.',
};
export const suggestText: Text = { zh: '您是不是想问：', en: 'Did you mean:' };
export const pickText: Text = {
  zh: '回复数字即可查看答案。',
  en: 'Reply with a number to see the answer.',
};
export const handoverText: Text = {
  zh: '已为您转接人工客服，请稍候。回复“退出人工”可返回机器人。',
  en: 'An agent will answer you soon. Say "back" to return to the bot.',
};
export const returnedText: Text = {
  zh: '已返回机器人，请继续提问。',
  en: 'You are back with the bot. Ask away.',
};
export const nobodyText: Text = {
  zh: '客服暂时没有答复，已返回机器人，您可以继续提问。',
  en: 'No agent has answered so far. You are back with the bot; ask away.',
};
export const absentText: Text = {
  zh: '现在没有客服在线，已为您留言，客服上线后会回复您。您也可以继续向机器人提问。',
  en: 'No agent is online right now. Your message has been left for them; meanwhile you can keep asking the bot.',
};
/** To a question that was answered together with a later one. */
export const togetherText: Text = {
  zh: '（已一并回复，见下一条。）',
  en: '(Answered together with your next message.)',
};
export const leftText: Text = {
  zh: '人工服务已结束，您可以继续向机器人提问。',
  en: 'The agent has left the chat. You can keep asking the bot.',
};
export const customerLabel: Text = { zh: '客户：', en: 'Customer: ' };
export const botLabel: Text = { zh: '机器人：', en: 'Bot: ' };
/** Where nobody at a desk sees what is said. */
export const noDeskText: Record<'room' | 'private' | 'test', Text> = {
  room: {
    zh: '群里不能转接人工客服，请直接联系群里的同事。',
    en: 'I cannot hand you over to an agent in a group. Please ask a colleague here.',
  },
  private: {
    zh: '这里不能转接人工客服，请直接联系我们的同事。',
    en: 'I cannot hand you over to an agent here. Please contact one of our staff.',
  },
  test: {
    zh: '（试问不转人工；在小程序里，这句话会转接人工客服。）',
    en: '(Trials are not handed over; in a mini program this would call an agent.)',
  },
};
export const pictureText: Text = {
  zh: '（图片暂时无法发送。）',
  en: '(The picture cannot be sent right now.)',
};
export const helloText: Text = {
  zh: '您好，我是机器人客服，请问有什么可以帮您？',
  en: 'Hello! I am the assistant here. How can I help you?',
};
export const thanksText: Text = {
  zh: '不客气，还有问题随时问我。',
  en: 'You are welcome. Ask me anytime.',
};
export const byeText: Text = { zh: '再见，祝您愉快！', en: 'Goodbye, have a nice day!' };

/** An answer that ended early, with a sentence that says so. */
export function brokenOff(text: string, language: Language): string {
  return text === '' ? failedText[language] : `${text}${brokenTail(language)}`;
}

export function brokenTail(language: Language): string {
  return `\n\n${brokenText[language]}`;
}
