import { goose } from '../../../src/agents/goose/index.ts';
import { testCases } from '../cases.ts';

testCases(goose);
