// jest's own runner, but the stories run one after another, when the other rings are through: a machine with two cores
// that boots servers is no place to measure time.
import Runner from "jest-runner";

const { default: TestRunner = Runner } = Runner;

export default class OneAtATime extends TestRunner {
  isSerial = true;
}
