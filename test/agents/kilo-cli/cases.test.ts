import { kiloCli } from '../../../src/agents/kilo-cli/index.ts';
import { testCases } from '../cases.ts';

testCases(kiloCli);
