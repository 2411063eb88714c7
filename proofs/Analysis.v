(** Facts about exp, ln and sqrt, in Coq's own library of the real numbers: a fair coin is
    sub-Gaussian, log 160 < 5.4, and the numbers of Proposition A exist. *)
Require Import Reals Lra.
Local Open Scope R_scope.

(** A differentiable function with derivative <= 0 right of 0 decreases there. *)
Lemma decreasing_from_0 (f f' : R -> R) :
  (forall x, derivable_pt_lim f x (f' x)) -> (forall x, 0 < x -> f' x <= 0) ->
  forall x, 0 <= x -> f x <= f 0.
Proof.
intros df neg x [x0 | <-]; [ | lra].
destruct (MVT_cor2 f f' 0 x x0 (fun c _ => df c)) as [c [e [c0 _]]].
specialize (neg c c0). nra.
Qed.

Lemma sinh_ge0 x : 0 <= x -> 0 <= sinh x.
Proof.
intro x0. unfold sinh. assert (exp (- x) <= exp x); [ | lra].
destruct x0 as [x0 | <-]; [left; apply exp_increasing; lra | rewrite Ropp_0; lra].
Qed.

(** sinh x <= x cosh x for x >= 0, as the derivative of the difference is -x sinh x *)
Lemma sinh_le x : 0 <= x -> sinh x - x * cosh x <= 0.
Proof.
intro x0.
replace 0 with (sinh 0 - 0 * cosh 0) by (rewrite sinh_0; ring).
apply (decreasing_from_0 (fun x => sinh x - x * cosh x) (fun x => - (x * sinh x))); auto.
- intro u.
  replace (- (u * sinh u)) with (cosh u - (1 * cosh u + u * sinh u)) by ring.
  apply (derivable_pt_lim_minus sinh (fun x => x * cosh x)).
  + apply derivable_pt_lim_sinh.
  + apply (derivable_pt_lim_mult id cosh).
    * apply derivable_pt_lim_id.
    * apply derivable_pt_lim_cosh.
- intros u u0. assert (0 <= sinh u) by (apply sinh_ge0; lra). nra.
Qed.

Lemma derivable_gauss x :
  derivable_pt_lim (fun x => exp (- (x * x / 2))) x (exp (- (x * x / 2)) * - x).
Proof.
apply (derivable_pt_lim_comp (fun x => - (x * x / 2)) exp).
- replace (- x) with (- ((1 * x + x * 1) * / 2 + (x * x) * 0)) by field.
  apply (derivable_pt_lim_opp (fun x => x * x / 2)).
  apply (derivable_pt_lim_mult (fun x => x * x) (fun _ => / 2)).
  + apply (derivable_pt_lim_mult id id); apply derivable_pt_lim_id.
  + apply derivable_pt_lim_const.
- apply derivable_pt_lim_exp.
Qed.

(** cosh x exp(-x^2/2) decreases from 1 *)
Lemma cosh_le x : cosh x <= exp (x * x / 2).
Proof.
assert (pos : forall x, 0 <= x -> cosh x <= exp (x * x / 2)).
{ clear x; intros x x0.
  assert (h : cosh x * exp (- (x * x / 2)) <= cosh 0 * exp (- (0 * 0 / 2))).
  { apply (decreasing_from_0 (fun x => cosh x * exp (- (x * x / 2)))
      (fun x => sinh x * exp (- (x * x / 2)) + cosh x * (exp (- (x * x / 2)) * - x))); auto.
    - intro u. apply (derivable_pt_lim_mult cosh (fun x => exp (- (x * x / 2)))).
      + apply derivable_pt_lim_cosh.
      + apply derivable_gauss.
    - intros u u0. assert (s := sinh_le u (Rlt_le _ _ u0)).
      assert (e := exp_pos (- (u * u / 2))). nra. }
  rewrite cosh_0 in h. replace (- (0 * 0 / 2)) with 0 in h by field.
  rewrite exp_0 in h. rewrite exp_Ropp in h.
  assert (e := exp_pos (x * x / 2)).
  apply (Rmult_le_reg_r (/ exp (x * x / 2))); [apply Rinv_0_lt_compat; auto | ].
  rewrite Rinv_r; lra. }
destruct (Rle_or_lt 0 x) as [x0 | x0]; [auto | ].
replace (x * x) with ((- x) * (- x)) by ring.
replace (cosh x) with (cosh (- x)); [apply pos; lra | ].
unfold cosh. rewrite Ropp_involutive. field.
Qed.

Lemma fair_coin_sub_gaussian sigma t :
  (exp (t * sigma) + exp (t * - sigma)) / 2 <= exp (t ^ 2 * sigma ^ 2 / 2).
Proof.
replace (t * - sigma) with (- (t * sigma)) by ring.
replace (t ^ 2 * sigma ^ 2 / 2) with ((t * sigma) * (t * sigma) / 2) by field.
apply cosh_le.
Qed.

(** exp 5.4 = (exp 0.1)^54 >= 1.1^54 > 160 *)
Lemma ln_160 : ln 160 < 54 / 10.
Proof.
rewrite <- (ln_exp (54 / 10)). apply ln_increasing; [lra | ].
assert (pow_exp : forall k, exp (INR k * (1 / 10)) = exp (1 / 10) ^ k).
{ induction k as [ | k IH]; [rewrite Rmult_0_l; apply exp_0 | ].
  rewrite S_INR, Rmult_plus_distr_r, exp_plus, IH, Rmult_1_l. simpl. ring. }
replace (54 / 10) with (INR 54 * (1 / 10)) by (simpl INR; lra).
rewrite pow_exp. apply Rlt_le_trans with ((11 / 10) ^ 54); [simpl; lra | ].
apply pow_incr. split; [lra | ]. left.
replace (11 / 10) with (1 + 1 / 10) by field. apply exp_ineq1. lra.
Qed.

(** The smaller root of l^2 - (b + 2) l + 1. *)
Lemma small_root b : 1 < b -> exists l, l * l = (b + 2) * l - 1 /\ 0 < l /\ l * b <= 1.
Proof.
intro b1. set (r := sqrt (b * b + 4 * b)).
assert (rr : r * r = b * b + 4 * b) by (apply sqrt_sqrt; nra).
assert (r0 : 0 <= r) by apply sqrt_pos.
assert (b <= r) by nra. assert (r < b + 2) by nra.
exists ((b + 2 - r) / 2). repeat split; nra.
Qed.

Definition lambda_A := 51 - 10 * sqrt 26.
Lemma lambda_A_root : lambda_A * lambda_A = (100 + 2) * lambda_A - 1 /\
  0 < lambda_A /\ lambda_A * 100 <= 1.
Proof.
unfold lambda_A. assert (h := sqrt_sqrt 26 ltac:(lra)). assert (h0 := sqrt_pos 26).
repeat split; nra.
Qed.

(** Proposition A: for every L > 0 there are B and sigma. *)
Lemma room_for_sigma L : 0 < L -> exists B sigma, 1 < B /\
  2 < sigma * (B * (B - 1)) /\ sigma * sigma * (2 * (B * B + 2) * L) <= 1.
Proof.
intro L0. set (t := sqrt (8 * L)). set (B := 2 + t). set (q := sqrt (B * B + 2)).
assert (t0 : 0 < t) by (apply sqrt_lt_R0; lra).
assert (tt : t * t = 8 * L) by (apply sqrt_sqrt; lra).
assert (q0 : 0 < q) by (apply sqrt_lt_R0; unfold B; nra).
assert (qq : q * q = B * B + 2) by (apply sqrt_sqrt; unfold B; nra).
exists B, (2 / (t * q)). repeat split.
- unfold B; lra.
- assert (t * q < B * (B - 1)).
  { assert (q < t + 3) by (unfold B in *; nra). unfold B; nra. }
  replace (2 / (t * q) * (B * (B - 1))) with (2 * (B * (B - 1) / (t * q))) by (field; lra).
  assert (1 < B * (B - 1) / (t * q)); [ | lra].
  apply Rmult_lt_reg_r with (t * q); [nra | ]. field_simplify; lra.
- right. rewrite <- qq.
  replace (2 / (t * q) * (2 / (t * q)) * (2 * (q * q) * L))
    with (8 * L / (t * t)) by (field; lra).
  rewrite tt. field. lra.
Qed.

Lemma ln_pos x : 1 < x -> 0 < ln x.
Proof. intro h. rewrite <- ln_1. apply ln_increasing; lra. Qed.
