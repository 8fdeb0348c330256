import { type Equipment, ensurePlan, openDesk, type RunRole } from '#attempts';

/** The planner: reads the workspace, asks what it does not say, makes a plan that is valid and scored, and hands it over. */
export const createPlanner =
  (equipment: Equipment): RunRole =>
  async (attempt) => {
    const desk = await openDesk(attempt, equipment);
    try {
      const plan = await ensurePlan(attempt, desk, { asks: true, browser: equipment.browser !== undefined });
      await attempt.report({ fact: 'agent.completed', data: { output: { plan_id: plan.id } } });
    } finally {
      await desk.close();
    }
  };
