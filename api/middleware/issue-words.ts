export { wordsOf, wordsOfIssue } from '../../config/issue-words.ts';
