import { geminiCli } from '../../../src/agents/gemini-cli/index.ts';
import { testCases } from '../cases.ts';

testCases(geminiCli);
