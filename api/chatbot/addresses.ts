export const chatbotBase = '/mpweixin/chatbot';

/** Where sockets are opened. */
export const socketPath = `${chatbotBase}/ws`;

/** Whether what is said about an address, be it only that there is nothing, is said in this family's form. */
export function isChatbotAddress(path: string): boolean {
  return /^\/mpweixin\/chatbot(?:\/|$)/i.test(path);
}
