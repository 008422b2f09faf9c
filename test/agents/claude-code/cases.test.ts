import { claudeCode } from '../../../src/agents/claude-code/index.ts';
import { testCases } from '../cases.ts';

testCases(claudeCode);
