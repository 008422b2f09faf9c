import { kiloCode } from '../../../src/agents/kilo-code/index.ts';
import { testCases } from '../cases.ts';

testCases(kiloCode);
