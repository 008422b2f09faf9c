import { qwenCode } from '../../../src/agents/qwen-code/index.ts';
import { testCases } from '../cases.ts';

testCases(qwenCode);
