import { codex } from '../../../src/agents/codex/index.ts';
import { testCases } from '../cases.ts';

testCases(codex);
