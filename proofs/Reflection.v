(** Reflection: noise that moves a weight far in a later fit and little in the first needs
    energy. It is at the heart of the repair by reflection (chapter 11). *)
From mathcomp Require Import all_ssreflect all_algebra.
Require Import Compat Euclid Algorithm1 RealNumbers Theorem5 Rayleigh.

Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.TTheory Compat.
Local Open Scope ring_scope.

(** [z] is the fit of the noise with all features and [zA] the fit with those in [A]. The image
    of [2 zA - z] is a reflection of that of [z]: both have the same length. *)
Theorem reflection (R : realFieldType) n p (Phi : 'M[R]_(n, p)) xi A z zA :
  trained Phi xi setT z -> trained Phi xi A zA ->
  sqnorm (Phi *m (2%:R *: zA - z)) = sqnorm (Phi *m z).
Proof.
move=> tz tA; have full u : dot (Phi *m u) (Phi *m z) = dot (Phi *m u) xi.
  by apply: (residual_eq tz) => j; rewrite inE.
have neg u : sqnorm (- (Phi *m u)) = sqnorm (Phi *m u).
  by rewrite -scaleN1r sqnormZ expr2 mulrNN !mul1r.
rewrite mulmxBr -scalemxAr sqnormD neg sqnormZ dotZl dotNr full -(residual_eq tA); last by case: tA.
by rewrite /sqnorm; move: (dot _ _) (dot (_ *m z) _) => a c; ring.
Qed.

(** So what the noise does to the weights costs energy. Outside [A] the entries of
    [2 zA - z] are those of [- z]. *)
Theorem reflection_energy n p (Phi : 'M[R]_(n, p)) (lambda_min : R) xi A z zA :
  full_column_rank Phi -> smallest_nonzero_eigenvalue (Sigma Phi) lambda_min ->
  trained Phi xi setT z -> trained Phi xi A zA ->
  n%:R * lambda_min * sqnorm (2%:R *: zA - z) <= sqnorm (Phi *m z) /\
  sqnorm (Phi *m z) <= sqnorm xi.
Proof.
move=> rank eig tz tA; split; first by rewrite -(reflection tz tA) form_low.
have -> : xi = - (Phi *m z - xi) + Phi *m z by rewrite opprB subrK.
rewrite sqnormD dotC dotNr (residual tz); last by move=> j; rewrite inE.
by rewrite oppr0 mulr0 addr0 lerDr sqnorm_ge0.
Qed.
