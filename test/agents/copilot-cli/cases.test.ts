import { copilotCli } from '../../../src/agents/copilot-cli/index.ts';
import { testCases } from '../cases.ts';

testCases(copilotCli);
