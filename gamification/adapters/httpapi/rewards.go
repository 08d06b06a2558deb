package httpapi

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/gamification/app"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

func (s *server) GetReward(ctx context.Context, r gamificationapi.GetRewardRequestObject) (gamificationapi.GetRewardResponseObject, error) {
	reward, err := s.rewards.Get(ctx, reqctx.From(ctx).Actor(), r.AchievementID)
	if err != nil {
		return nil, err
	}
	return gamificationapi.GetReward200JSONResponse(ToAPIAchievementReward(reward)), nil
}

func (s *server) PutReward(ctx context.Context, r gamificationapi.PutRewardRequestObject) (gamificationapi.PutRewardResponseObject, error) {
	reward, err := s.rewards.Put(ctx, reqctx.From(ctx).Actor(), r.AchievementID, r.Body.RoleID)
	if err != nil {
		return nil, err
	}
	return gamificationapi.PutReward200JSONResponse(ToAPIAchievementReward(reward)), nil
}

func (s *server) DeleteReward(ctx context.Context, r gamificationapi.DeleteRewardRequestObject) (gamificationapi.DeleteRewardResponseObject, error) {
	if err := s.rewards.Delete(ctx, reqctx.From(ctx).Actor(), r.AchievementID); err != nil {
		return nil, err
	}
	return gamificationapi.DeleteReward204Response{}, nil
}

// ToAPIAchievementReward converts the reward of an achievement; nil is none.
func ToAPIAchievementReward(v *app.RewardView) gamificationapi.AchievementReward {
	if v == nil {
		return gamificationapi.AchievementReward{Reward: nullable.NewNullNullable[gamificationapi.Reward]()}
	}
	return gamificationapi.AchievementReward{Reward: nullable.NewNullableWithValue(gamificationapi.Reward{
		Role:  gamificationapi.RewardRole{ID: v.Role.ID, Service: v.Role.Service, Name: v.Role.Name},
		State: gamificationapi.RewardState(v.State), DefinedBy: wire.OrNull(v.DefinedBy), DefinedAt: v.DefinedAt, Settled: v.Settled,
	})}
}
